noinst_LIBRARIES += src/capture/libcapture.a
src_capture_libcapture_a_SOURCES = \
	src/capture/capture.h
