# Labs and controllers, each run by a test.

EXTRA_DIST += \
	examples/controller/capture.py \
	examples/lab/demo \
	examples/lab/down \
	examples/lab/env \
	examples/lab/up
