/* nothing.c -- saying why a selector matches nothing.  See nothing.h.
 *
 * Called by each command that takes a selector, when nothing came of it, so
 * that all say the same.  To yield nothing is no error: it goes to stderr.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/nothing.h"
#include <stdlib.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "base/words.h"
#include "cli/agent.h"

/* Sends 'request', which it takes. */
static char *
ask(struct jsn *request)
{
    struct jsn *answer = NULL;
    char *text = jsn_to_text(request, false);
    char *error = cli_agent_ask("why", text, 0, &answer);
    const char *why = jsn_get_string(answer, "why", "");
    char *copy = why[0] ? xstrdup(why) : NULL;

    /* Who cannot be asked, or is too old, is no news here. */
    free(error);
    free(text);
    jsn_destroy(answer);
    jsn_destroy(request);
    return copy;
}

char *
cli_why_nothing(const char *selector, const char *name)
{
    struct jsn *request = jsn_object();

    jsn_put_string(request, "selector", selector);
    if (name) {
        jsn_put_string(request, "name", name);
    }
    return ask(request);
}

char *
cli_why_capture_nothing(const char *capture)
{
    struct jsn *request = jsn_object();

    jsn_put_string(request, "capture", capture);
    return ask(request);
}

void
cli_say_why(char *why)
{
    if (why) {
        char *clean = words_clean(why);

        ovs_error(0, "%s", clean);
        free(clean);
        free(why);
    }
}
