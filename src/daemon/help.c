/* help.c -- ovspand --help.  See help.h.
 *
 * The texts that libopenvswitch has for its options name the directories of
 * OVS, where nothing of ours lies, and --user, which we refuse; so all of it
 * is told here.  A test compares the options with those of ovspand(8).
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/help.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/dirs.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"

static void
print_own_options(void)
{
    char *db = dirs_span_remote();
    char *ovs_db = dirs_ovs_remote();

    printf("\
  --db=REMOTE                 the OVSpan database: unix:FILE, tcp:IP:PORT or\n\
                              ssl:IP:PORT, several with commas\n\
                              (default: %s)\n\
  --ovs-db=REMOTE             the Open_vSwitch database of this host\n\
                              (default: %s)\n\
  --host-name=NAME            name of this host (default: OVS's system-id,\n\
                              else the machine's name)\n\
  --workers=N                 packet threads (default: one a core, at most\n\
                              4)\n\
  --list-rows                 print whose rows are in Open vSwitch, and end\n\
  --take-back[=former]        take back what the host of that name left,\n\
                              if no ovspand serves it, and end\n\
  --unixctl=SOCKET            control socket\n\
                              (default: %s/ovspand.PID.ctl)\n\
  -p, --private-key=FILE      file with private key\n\
  -c, --certificate=FILE      file with certificate for private key\n\
  -C, --ca-cert=FILE          file with CA certificate for the database\n\
  --bootstrap-ca-cert=FILE    the same, to read or create\n\
  --peer-ca-cert=FILE         file with CA certificate for the peer\n\
  --ssl-protocols=PROTOS      list of SSL protocols to enable\n\
  --ssl-ciphers=CIPHERS       list of SSL ciphers to enable\n"
           OVS_SSL_NEWER_HELP,
           db, ovs_db, dirs_run());
    free(db);
    free(ovs_db);
}

static void
print_daemon_options(void)
{
    printf("\n\
Running in the background:\n\
  --detach                    run in the background once started\n\
  --monitor                   start again after a crash\n\
  --no-chdir                  do not change to the root directory\n\
  --pidfile[=FILE]            write the process id to FILE\n\
                              (default: %s/ovspand.pid)\n\
  --overwrite-pidfile         even if another daemon holds it\n\
  --no-self-confinement       allow files outside the usual directories\n",
           dirs_run());
}

static void
print_logging_options(void)
{
    printf("\n\
Logging:\n\
  -vSPEC, --verbose=SPEC      set logging levels\n\
  -v, --verbose               set maximum verbosity level\n\
  --log-file[=FILE]           log to FILE (default: %s/ovspand.log)\n\
  --syslog-method=METHOD      libc, unix:FILE or udp:IP:PORT\n\
  --syslog-target=HOST:PORT   log to HOST:PORT over UDP too\n", dirs_log());
}

void
ovspand_print_help(void)
{
    printf("\
%s: ovspan's daemon: watches points of this host, feeds collectors\n\
usage: %s [OPTIONS]\n\
\n\
Options:\n", program_name, program_name);
    print_own_options();
    print_daemon_options();
    print_logging_options();
    puts("\n\
Other options:\n\
  -h, --help                  print this and exit\n\
  -V, --version               print the version and exit\n\
\n\
See ovspand(8) for more.  ovspan-ctl(8) starts it with its usual options.");
}
