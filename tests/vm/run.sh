#!/bin/bash
# Boots other kernels in QEMU (TCG, no KVM needed) and has them load and run the capture programs:
#   tests/vm/run.sh x86_64    Debian's kernels 6.1 and 6.12 with this machine's root file system; mcpsonde itself captures
#   tests/vm/run.sh aarch64   Debian's arm64 kernel 6.1 with a small loader in C: loads, attaches, sees a message
#   tests/vm/run.sh FILE      an x86-64 kernel of your own, as x86_64 above; it has to have the modules named below within
#                             (make defconfig kvm_guest.config; scripts/kconfig/merge_config.sh .config tests/vm/own.config)
# Needs root on Debian 12 and a few minutes. Packages are kept in ${XDG_CACHE_HOME:-~/.cache}/mcpsonde-vm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mcpsonde-vm
from=$PWD
mkdir -p "$cache"
cd "$cache"

# Unpacks a Debian package into a folder, once.
unpack() { # package folder
  [ -e "$2/.$1" ] && return
  mkdir -p "$2" debs && (cd debs && apt-get download -qq "$1" 2>/dev/null)
  local architecture
  case $1 in *:*) architecture=${1##*:} ;; *) architecture=$(dpkg --print-architecture) ;; esac
  local files=(debs/"${1%%:*}"_*_"$architecture".deb)
  dpkg-deb -x "${files[-1]}" "$2"
  touch "$2/.$1"
}

newest() { apt-cache search --names-only "$1" | cut -d' ' -f1 | sort -V | tail -1; }

x86_64() {
  tools
  for pattern in '^linux-image-6\.1\.0-[0-9]+-amd64$' '^linux-image-6\.12\.[0-9]+\+deb12-amd64$'; do
    local package tree kernel modules=()
    package=$(newest "$pattern")
    tree=$cache/$package
    unpack "$package" "$tree"
    kernel=${package#linux-image-}
    [ -f "$tree/lib/modules/$kernel/modules.dep" ] || depmod -b "$tree" "$kernel"
    for module in virtio_pci 9pnet_virtio 9p overlay; do
      for file in $(modprobe -d "$tree" -S "$kernel" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'); do
        case " ${modules[*]} " in *" $file "*) continue ;; esac
        modules+=("$file")
      done
    done
    boot "$kernel" "$tree/boot/vmlinuz-$kernel" "${modules[@]}"
  done
}

own() { # kernel
  tools
  boot "own-$(strings "$1" | grep -om1 '^[0-9]*\.[0-9]*\.[0-9]*[^ ]* ' | tr -d ' ')" "$1"
}

tools() {
  command -v qemu-system-x86_64 depmod cpio >/dev/null || apt-get install -y -qq --no-install-recommends qemu-system-x86 kmod cpio >/dev/null
  unpack busybox-static busybox
}

# Boots a kernel with this machine's root file system, read-only below a layer in memory, and runs guest.ts.
boot() { # name kernel module...
  local name=$1 kernel=$2 initrd file
  shift 2
  initrd=$(mktemp -d)
  mkdir -p "$initrd"/{bin,lib,proc,sys,dev,host,over,new}
  cp busybox/bin/busybox "$initrd/bin/"
  {
    echo '#!/bin/busybox sh'
    # shellcheck disable=SC2016 # for the guest's shell
    echo 'b=/bin/busybox; $b mount -t proc p /proc; $b mount -t sysfs s /sys; $b mount -t devtmpfs d /dev'
    for file; do
      cp "$file" "$initrd/lib/"
      echo "\$b insmod /lib/$(basename "$file")"
    done
    cat <<EOF
\$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose host /host
\$b mount -t tmpfs t /over && \$b mkdir /over/upper /over/work
\$b mount -t overlay -o lowerdir=/host,upperdir=/over/upper,workdir=/over/work o /new
for f in proc:proc sysfs:sys devtmpfs:dev tmpfs:run; do \$b mount -t \${f%%:*} x /new/\${f##*:}; done
\$b ip link set lo up
HOME=$HOME PATH=$PATH \$b chroot /new $(command -v deno) run -A --no-lock --cached-only --config $root/deno.json $here/guest.ts
\$b poweroff -f
EOF
  } > "$initrd/init"
  chmod +x "$initrd/init"
  (cd "$initrd" && find . | cpio -o -H newc 2>/dev/null | gzip -1) > initrd.gz
  rm -rf "$initrd"
  timeout 300 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 2048 -nographic -no-reboot \
    -kernel "$kernel" -initrd initrd.gz -append "console=ttyS0 quiet panic=-1 rdinit=/init" \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap < /dev/null > "$name.log" 2>&1 || true
  verdict "$name"
}

aarch64() {
  command -v qemu-system-aarch64 aarch64-linux-gnu-gcc cpio >/dev/null ||
    apt-get install -y -qq --no-install-recommends qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross cpio >/dev/null
  dpkg --print-foreign-architectures | grep -qx arm64 || { dpkg --add-architecture arm64 && apt-get update -qq; }
  for package in busybox-static libbpf-dev libelf-dev zlib1g-dev; do unpack "$package:arm64" arm64; done
  local image lib=arm64/usr/lib/aarch64-linux-gnu
  image=$(newest '^linux-image-6\.1\.0-[0-9]+-arm64$')
  unpack "$image:arm64" arm64
  aarch64-linux-gnu-gcc -static -O2 -Iarm64/usr/include -o loader "$here/loader.c" $lib/libbpf.a $lib/libelf.a $lib/libz.a
  local initrd
  initrd=$(mktemp -d)
  mkdir -p "$initrd"/{bin,proc,sys,dev}
  cp arm64/bin/busybox loader "$root/bpf/capture.aarch64.bpf.o" "$initrd/bin/"
  cat > "$initrd/init" <<'EOF'
#!/bin/busybox sh
b=/bin/busybox; $b mount -t proc p /proc; $b mount -t sysfs s /sys; $b mount -t devtmpfs d /dev
$b uname -rm
for backend in typed raw; do /bin/loader /bin/capture.aarch64.bpf.o sys_exit_$backend || /bin/loader /bin/capture.aarch64.bpf.o sys_exit_$backend || $b poweroff -f; done; $b echo "VM OK"
$b poweroff -f
EOF
  chmod +x "$initrd/init"
  (cd "$initrd" && ln -s busybox bin/sh && find . | cpio -o -H newc 2>/dev/null | gzip -1) > initrd.gz
  rm -rf "$initrd"
  timeout 300 qemu-system-aarch64 -M virt -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nographic -no-reboot \
    -kernel arm64/boot/vmlinuz-"${image#linux-image-}" -initrd initrd.gz \
    -append "console=ttyAMA0 quiet panic=-1 rdinit=/init" < /dev/null > arm64.log 2>&1 || true
  verdict arm64
}

verdict() {
  if grep -q "VM OK" "$1.log"; then
    echo "$1: loads, attaches and captures"
  else
    tail -40 "$1.log"
    echo "$1: FAILED, see $cache/$1.log" >&2
    exit 1
  fi
}

for what in "${@:-x86_64}"; do
  case $what in x86_64 | aarch64) "$what" ;; *) own "$(cd "$from" && realpath "$what")" ;; esac
done
