noinst_LIBRARIES += src/kernel/libkernel.a
src_kernel_libkernel_a_SOURCES = \
	src/kernel/addr.c \
	src/kernel/ask.c \
	src/kernel/counters.c \
	src/kernel/enter.c \
	src/kernel/ethtool.c \
	src/kernel/held.c \
	src/kernel/kernel.c \
	src/kernel/kernel.h \
	src/kernel/link.c \
	src/kernel/names.c \
	src/kernel/netns.c \
	src/kernel/nsid.c \
	src/kernel/path.c \
	src/kernel/private.h \
	src/kernel/procs.c \
	src/kernel/publish.c \
	src/kernel/quiet.c \
	src/kernel/route.c \
	src/kernel/rtnl.c \
	src/kernel/socket.c \
	src/kernel/table.c \
	src/kernel/vport.c \
	src/kernel/xfrm.c

check_PROGRAMS += tests/test-kernel
tests_test_kernel_SOURCES = tests/test-kernel.c
tests_test_kernel_LDADD = \
	src/kernel/libkernel.a \
	src/topo/libtopo.a \
	src/base/libbase.a \
	$(OVS_LIBS) $(MNL_LIBS) $(JSONC_LIBS)
