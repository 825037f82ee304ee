noinst_LIBRARIES += src/meter/libmeter.a
src_meter_libmeter_a_SOURCES = \
	src/meter/flows.c \
	src/meter/limit.c src/meter/limit.h \
	src/meter/meter.c src/meter/meter.h \
	src/meter/private.h \
	src/meter/sampler.c \
	src/meter/stream.c \
	src/meter/tap.c src/meter/tap.h
