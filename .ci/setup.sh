# Read by ./run and ./test: installs what is missing, where that is possible, and says so.

# install PACKAGE: by apt, as root; fails where it cannot. Machines of a workflow (CI=true) have another account that may become root; a developer is not made root unasked.
install() {
  local as_root=()
  command -v apt-get >/dev/null || return 1
  [[ $(id -u) == 0 ]] || { [[ ${CI:-} == true ]] && sudo -n true 2>/dev/null && as_root=(sudo -n); } || return 1
  echo "installing the package $1..." >&2
  { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; } >/dev/null 2>&1 \
    || { echo "the package $1 could not be installed" >&2; return 1; }
}

# want PROGRAM PACKAGE: installs the package if there is no such program; the tests that need it say what they miss.
want() {
  command -v "$1" >/dev/null || install "$2" || true
}

has_sdk() { command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; }

need_sdk() {
  has_sdk || { install dotnet-sdk-10.0 && has_sdk; } || {
    echo 'RiskMonitor needs the .NET 10 SDK: install the package dotnet-sdk-10.0, or see https://dotnet.microsoft.com/download' >&2
    return 1
  }
}
