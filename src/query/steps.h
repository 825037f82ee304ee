/* steps.h -- the table of steps: what each takes, needs and yields.
 *
 * One row a step; the parser, the printer and the evaluator know no step by
 * name.  What a step yields follows from what it is given, so a selector whose
 * steps do not fit together is refused when it is parsed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_STEPS_H
#define OVSPAN_QUERY_STEPS_H 1

#include "query/ast.h"

struct ds;
struct query_state;

/* What is in the evaluator's hands between two steps; a set of bits. */
enum query_hand {
    HAND_SAME = 0,              /* What a step yields: what it was given. */
    HAND_GRAPH = 1 << 0,        /* The graph, as at the start. */
    HAND_NODES = 1 << 1,
    HAND_EDGES = 1 << 2,
    HAND_VALUES = 1 << 3,
    HAND_NUMBER = 1 << 4,
};
#define HAND_ELEMENTS (HAND_NODES | HAND_EDGES)

/* The arguments of a step. */
enum query_args {
    ARGS_BARE,                  /* Not even parentheses: G. */
    ARGS_NONE,                  /* () */
    ARGS_ID,                    /* ([id]) */
    ARGS_KEY,                   /* (k) */
    ARGS_ANY_KEYS,              /* ([k[,k]...]) */
    ARGS_FILTER,                /* (k) or (k,v[,k,v]...) */
    ARGS_ANY_FILTER,            /* the same, or () */
    ARGS_NAME,                  /* (name), which it gives */
    ARGS_NAMES,                 /* (name[,name]...), given before */
    ARGS_NUMBER,                /* (n) */
    ARGS_RANGE,                 /* (from,to) */
    ARGS_SORT,                  /* ([ASC|DESC,]k) */
    ARGS_WALK,                  /* ([k,v[,k,v]...][,depth]) */
    ARGS_PATH,                  /* (Metadata(k,v...)[,Metadata(k,v...)]) */
    ARGS_CHAINS,                /* (step[.step]...[,step[.step]...]...) */
};

struct query_step_class {
    const char *name;           /* In canonical spelling. */
    enum query_args args;       /* What the parentheses hold. */
    unsigned int needs;         /* Of HAND_*: what it works on. */
    enum query_hand yields;     /* What it leaves. */
    char *(*run)(const struct query_step *, struct query_state *);
                                /* NULL, or an error text. */
};

/* The class of that name in any case, or NULL. */
const struct query_step_class *query_step_find(const char *name);
/* What is to be done instead of the step 'name' of Skydive, which is not here;
 * NULL if that is none. */
const char *query_step_instead(const char *name);
/* Appends the names of all, separated by commas. */
void query_step_list(struct ds *);

/* "nodes", "nodes or edges", ... for an error text. */
void query_hand_describe(unsigned int hands, struct ds *);

#endif /* query/steps.h */
