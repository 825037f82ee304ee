#!/bin/sh
# libpcap compiles "inbound", "outbound" and "ifindex N" for a handle without a
# device, and the program then matches no packet at all.
#
# Seen with libpcap 1.10.3 of Debian 12.  pcap_compile() on a handle made by
# pcap_open_dead(DLT_EN10MB) succeeds: the program loads from the negative
# offsets at which only the Linux kernel's interpreter has a packet's type and
# interface.  pcap_offline_filter() and bpf_filter() take these for offsets
# beyond the frame and return 0 for the whole program: "not inbound" matches nothing
# either, and "inbound or ip" loses what "ip or inbound" finds.  Whoever checks
# a filter so, or applies it to frames behind a capture, is told nothing, and
# pcap-filter(7) does not say it.
#
# Exit status 0: it still is so.
set -eu

version=1.10.3-1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' 0
cd "$dir"
chmod 755 .
apt-get -q download libpcap0.8=$version libpcap0.8-dev=$version \
    >/dev/null 2>&1
for deb in *.deb; do
    dpkg -x "$deb" root
done
lib=$(dirname "$(find root -name 'libpcap.so.0.8')")

cat > try.c <<'END'
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

/* How many of some frames a filter lets through; -1: it does not compile. */
static int
count(pcap_t *p, const char *text)
{
    static const unsigned char frame[60] = {
        2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45,
    };
    struct pcap_pkthdr h = { .caplen = sizeof frame, .len = sizeof frame };
    struct bpf_program program;
    int n = 0;

    if (pcap_compile(p, &program, text, 1, PCAP_NETMASK_UNKNOWN)) {
        return -1;
    }
    for (int i = 0; i < 10; i++) {
        n += pcap_offline_filter(&program, &h, frame) != 0;
    }
    pcap_freecode(&program);
    return n;
}

int
main(void)
{
    static const char *const filters[] = {
        "ip", "inbound", "not inbound", "outbound", "not outbound",
        "ifindex 3", "not ifindex 3", "ip or inbound", "inbound or ip",
    };
    pcap_t *p = pcap_open_dead(DLT_EN10MB, 65535);

    printf("%s\n", pcap_lib_version());
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        printf("%s: %d of 10\n", filters[i], count(p, filters[i]));
    }
    return 0;
}
END
gcc -Iroot/usr/include -o try try.c -L"$lib" -l:libpcap.so.0.8 \
    -Wl,--allow-shlib-undefined
LD_LIBRARY_PATH=$lib ./try | tee got
cat > expected <<'END'
libpcap version 1.10.3 (with TPACKET_V3)
ip: 10 of 10
inbound: 0 of 10
not inbound: 0 of 10
outbound: 0 of 10
not outbound: 0 of 10
ifindex 3: 0 of 10
not ifindex 3: 0 of 10
ip or inbound: 10 of 10
inbound or ip: 0 of 10
END
diff expected got
