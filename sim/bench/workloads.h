/*
 * workloads.h - what is measured.  Each runs its workload, checks that what was sent arrived, and prints its
 * part of the table.
 */
#ifndef SIM_BENCH_WORKLOADS_H
#define SIM_BENCH_WORKLOADS_H

void bench_chat(void);       /* a message from one session to another */
void bench_presence(void);   /* presence to a hundred subscribers */
void bench_carbons(void);    /* a message, and its copies for other resources */
void bench_offline(void);    /* messages kept, and delivered at a login */
void bench_resumption(void); /* a session resumed, and what was lost sent again */
void bench_login(void);      /* ten thousand logins */
void bench_memory(void);     /* what an idle session takes */
void bench_crowd(void);      /* the cost of an event with few sessions, and with many */

#endif
