noinst_LIBRARIES += src/capture/libcapture.a
src_capture_libcapture_a_SOURCES = \
	src/capture/capture.c src/capture/capture.h \
	src/capture/capture-compile.c src/capture/capture-compile.h \
	src/capture/capture-compiler.c src/capture/capture-compiler.h \
	src/capture/compiler-child.c src/capture/compiler-child.h \
	src/capture/capture-burst.c src/capture/capture-burst.h \
	src/capture/capture-file.c \
	src/capture/capture-filter.c \
	src/capture/capture-input.c \
	src/capture/capture-link.c \
	src/capture/capture-live.c \
	src/capture/capture-match.c \
	src/capture/capture-ng.c \
	src/capture/capture-plain.c \
	src/capture/capture-private.h \
	src/capture/capture-provider.c src/capture/capture-provider.h \
	src/capture/capture-ring.c \
	src/capture/capture-socket.c src/capture/capture-socket.h \
	src/capture/capture-view.c \
	src/capture/ng-block.c src/capture/ng-block.h \
	src/capture/ng-interface.c src/capture/ng-interface.h \
	src/capture/ring.c src/capture/ring.h \
	src/capture/ring-peek.c src/capture/ring-peek.h

check_PROGRAMS += tests/test-capture
tests_test_capture_SOURCES = tests/test-capture.c
tests_test_capture_LDADD = \
	src/capture/libcapture.a src/base/libbase.a $(OVS_LIBS) $(PCAP_LIBS) $(ZLIB_LIBS)
