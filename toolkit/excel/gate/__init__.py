"""What a file is and holds, judged by its bytes before any library opens it."""
