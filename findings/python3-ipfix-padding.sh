#!/bin/sh
# python3-ipfix 0.9.7-3 (Debian 12) cannot read a message of IPFIX in which a
# set of templates is padded to four octets, which RFC 7011, 3.3.1, allows
# ("the Exporting Process MAY insert some padding octets"): it takes the two
# zeros for the id of another template.  Seen:
#
#     padded: ValueError: bad template ID 0
#     not padded: [{'packetDeltaCount': 7}]
#
# Exits with 0 while that is so, else with 1; 2: could not try.
set -u
dir=$(mktemp -d) && cd "$dir" || exit 2
trap 'rm -rf "$dir"' 0
apt-get download python3-ipfix=0.9.7-3 >apt.log 2>&1 \
    && dpkg -x python3-ipfix_*.deb . || { cat apt.log; exit 2; }
PYTHONPATH=$dir/usr/lib/python3/dist-packages /usr/bin/python3 - > seen <<'END'
import io, struct
import ipfix.ie, ipfix.reader
ipfix.ie.use_iana_default()

def set_(id_, data, padding):
    return struct.pack(">HH", id_, 4 + len(data) + padding) + data \
        + bytes(padding)

def read(padding):
    # An options template of packetDeltaCount with a scope, a template with
    # packetDeltaCount, a record of 7.
    options = struct.pack(">HHHHHHH", 300, 2, 1, 149, 4, 2, 8)
    template = struct.pack(">HHHH", 256, 1, 2, 8)
    sets = (set_(3, options, padding) + set_(2, template, 0)
            + set_(256, struct.pack(">Q", 7), 0))
    message = struct.pack(">HHIII", 10, 16 + len(sets), 1600000000, 0, 1) \
        + sets
    try:
        return list(ipfix.reader.from_stream(
            io.BytesIO(message)).namedict_iterator())
    except ValueError as e:
        return "ValueError: %s" % e

print("padded:", read(2))
print("not padded:", read(0))
END
cat seen
grep -q '^padded: ValueError: bad template ID 0' seen \
    && grep -q "^not padded: .*'packetDeltaCount': 7" seen
