noinst_LIBRARIES += src/daemon/libdaemon.a
src_daemon_libdaemon_a_SOURCES = \
	src/daemon/appctl.h \
	src/daemon/caps.c src/daemon/caps.h \
	src/daemon/engine.c src/daemon/engine.h \
	src/daemon/engine-private.h \
	src/daemon/engine-resolve.c \
	src/daemon/engine-source.c \
	src/daemon/engine-stream.c \
	src/daemon/worker.c src/daemon/worker.h \
	src/daemon/worker-private.h \
	src/daemon/worker-source.c \
	src/daemon/worker-stream.c \
	src/daemon/worker-tap.c

