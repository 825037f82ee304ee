/* libfuzzer.h -- what libFuzzer calls; it has no header of its own.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TESTS_FUZZ_LIBFUZZER_H
#define OVSPAN_TESTS_FUZZ_LIBFUZZER_H 1

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* tests/fuzz/libfuzzer.h */
