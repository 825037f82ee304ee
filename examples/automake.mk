# Labs and controllers, each run by a test.
