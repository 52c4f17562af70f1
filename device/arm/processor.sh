# shellcheck shell=bash
# Sourced by check.sh and daemon.sh: an emulated ARM processor as /proc/cpuinfo and /sys/devices/system/cpu show it.
# ONNX Runtime reads the processor's properties there, and dies of what an x86 says.

# Raspberry Pi 4 (no dot products); SDOT, as Raspberry Pi 5 (Cortex-A76) and Jetson Orin (A78AE) have; all that the emulator can, without SME and with it.
processors=(cortex-a72 neoverse-n1 "max,sme=off" max)

# describe_processor NAME FOLDER: writes FOLDER/cpuinfo and FOLDER/cpu. What is written must fit the emulated processor: with asimddp on a cortex-a72 the library
# would run an instruction that this processor lacks.
describe_processor() {
  local features="fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid" part file
  case $1 in
    cortex-a72) part=0xd08 ;;
    neoverse-n1) part=0xd0c features+=" atomics fphp asimdhp asimdrdm lrcpc dcpop asimddp ssbs" ;;
    max*) part=0xd40 features+=" atomics fphp asimdhp asimdrdm jscvt fcma lrcpc dcpop sha3 asimddp sve asimdfhm sve2 i8mm bf16 svei8mm" ;;
    *) fail "--cpu is \"$1\"; allowed are ${processors[*]}" ;;
  esac
  if [ "$1" = max ]; then features+=" sme smei8i32 smef32f32 smefa64"; fi
  printf 'processor\t: 0\nBogoMIPS\t: 100.00\nFeatures\t: %s\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: %s\nCPU revision\t: 1\n\n' "$features" "$part" >"$2/cpuinfo"

  mkdir -p "$2/cpu/cpu0/topology"
  for file in possible present online; do echo 0 >"$2/cpu/$file"; done
  echo 0 >"$2/cpu/kernel_max"
  for file in core_id physical_package_id; do echo 0 >"$2/cpu/cpu0/topology/$file"; done
  for file in core_siblings thread_siblings; do echo 1 >"$2/cpu/cpu0/topology/$file"; echo 0 >"$2/cpu/cpu0/topology/${file}_list"; done
}

# need_packages INSTALL PACKAGE…: installs what is missing when INSTALL is true, and names it otherwise.
need_packages() {
  local install=$1 missing=() package
  shift
  for package in "$@"; do dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package"); done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  $install || fail "these packages are missing: ${missing[*]}. Run with --install to install them."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
