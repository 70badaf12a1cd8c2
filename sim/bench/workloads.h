/*
 * workloads.h - the workloads.  Each function runs its workload, checks that everything sent arrived, and
 * prints its part of the table.
 */
#ifndef SIM_BENCH_WORKLOADS_H
#define SIM_BENCH_WORKLOADS_H

void bench_chat(void);       /* a message from one session to another */
void bench_presence(void);   /* presence to a hundred subscribers */
void bench_carbons(void);    /* a message, and its copies for other resources */
void bench_offline(void);    /* messages stored, and delivered at a login */
void bench_resumption(void); /* a session resumed, and lost stanzas sent again */
void bench_login(void);      /* ten thousand logins */
void bench_memory(void);     /* the memory of an idle session */
void bench_crowd(void);      /* the cost of an event with few sessions, and with many */

#endif
