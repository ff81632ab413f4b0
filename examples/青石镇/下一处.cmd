@echo off
rem Double-click this file, or drop workbooks or folders on it.
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul
set PYTHONUTF8=1
set "CODE=2"
pushd "%~dp0"
if errorlevel 1 goto unreachable
for %%P in (zhengdun.exe) do if not "%%~$PATH:P"=="" goto program
py -c "import toolkit" >nul 2>nul
if not errorlevel 1 goto launcher
python -c "import toolkit" >nul 2>nul
if not errorlevel 1 goto python
echo zhengdun is not installed on this computer. Install Python 3.11 or later,
echo then the zhengdun package with: py -m pip install PACKAGE
echo.
for %%F in (*.txt) do type "%%F"
goto done
:unreachable
echo This folder cannot be opened: "%~dp0"
goto done
:program
zhengdun.exe live next
goto ran
:launcher
py -m toolkit live next
goto ran
:python
python -m toolkit live next
:ran
set "CODE=%ERRORLEVEL%"
:done
popd
if not "%CODE%"=="0" pause
exit /b %CODE%
