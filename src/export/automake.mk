noinst_LIBRARIES += src/export/libexport.a
src_export_libexport_a_SOURCES = \
	src/export/collector.c src/export/collector.h \
	src/export/collector-errors.c \
	src/export/collector-own.c \
	src/export/collector-private.h \
	src/export/collector-send.c \
	src/export/exporter.h \
	src/export/queue.c src/export/queue.h
