noinst_LIBRARIES += src/packet/libpacket.a
src_packet_libpacket_a_SOURCES = \
	src/packet/packet.h
