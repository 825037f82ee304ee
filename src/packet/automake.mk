noinst_LIBRARIES += src/packet/libpacket.a
src_packet_libpacket_a_SOURCES = \
	src/packet/checksum.c src/packet/checksum.h \
	src/packet/cursor.h \
	src/packet/decap.c src/packet/decap.h \
	src/packet/encap.c \
	src/packet/ip.c \
	src/packet/layers.h \
	src/packet/link.c \
	src/packet/link-header.c \
	src/packet/link-name.c \
	src/packet/mss.c src/packet/mss.h \
	src/packet/packet.h \
	src/packet/segmenter.c src/packet/segmenter.h \
	src/packet/segments.c src/packet/segments.h \
	src/packet/skip.h \
	src/packet/sum.h \
	src/packet/transport.c \
	src/packet/tunnel.c src/packet/tunnel.h \
	src/packet/unread.c src/packet/unread.h \
	src/packet/unwrap.c src/packet/unwrap.h

check_PROGRAMS += tests/test-packet
tests_test_packet_SOURCES = tests/test-packet.c
tests_test_packet_LDADD = src/packet/libpacket.a $(OVS_LIBS)

check_PROGRAMS += tests/test-checksum
tests_test_checksum_SOURCES = tests/test-checksum.c
tests_test_checksum_LDADD = src/packet/libpacket.a $(OVS_LIBS)
