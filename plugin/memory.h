/* memory.h -- what collectors may remember of us.
 *
 * A collector keeps templates, samplers and names of interfaces by our address
 * and the domain that they were sent in, longer than we have an exporter in
 * that domain.  So what gives them numbers and names remembers too: one such
 * memory for all exporters of a process, as long as it lives.
 *
 * Any thread may call these; nothing here is called for a packet.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLUGIN_MEMORY_H
#define OVSPAN_PLUGIN_MEMORY_H 1

#include <stddef.h>
#include <stdint.h>

struct exporter_memory;
struct target;

struct exporter_memory *exporter_memory_create(void);
void exporter_memory_destroy(struct exporter_memory *);

/* Lists whose numbers are told apart. */
enum memory_list { MEMORY_LAYOUTS, MEMORY_SAMPLERS };

/* The number of 'value' in a list of 'domain', from 0 on by the order of first
 * use, towards all collectors: some keep one list for all protocols. */
uint32_t memory_number(struct exporter_memory *, enum memory_list,
                       uint32_t domain, uint32_t value);

/* 'ifindex' has a name in 'domain' at the target's collector; called once for
 * each exporter that says so, and once more for each that no longer does. */
void memory_name(struct exporter_memory *, const struct target *,
                 uint32_t domain, uint32_t ifindex);
void memory_unname(struct exporter_memory *, const struct target *,
                   uint32_t domain, uint32_t ifindex);

/* Forgets the names that no exporter says there any more and returns how many;
 * stores their numbers in '*ifindexes', which the caller frees. */
size_t memory_forget_names(struct exporter_memory *, const struct target *,
                           uint32_t domain, uint32_t **ifindexes);

#endif /* plugin/memory.h */
