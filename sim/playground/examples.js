/*
 * examples.js - the scenarios that the page offers, by what they show; build.sh copies the files from scenarios/.
 */

/** @type {[string, string][]} */
export const EXAMPLES = [
    ['routing/negative-priority', 'A negative priority gets no messages'],
    ['auth/wrong-password', 'Logging in with a wrong password'],
    ['bind/conflict-kicks-the-old', 'Two sessions that want one resource'],
    ['presence/subscribe-to-each-other', 'Subscribing to each other'],
    ['roster/interested-receive-pushes', 'Roster pushes'],
    ['carbons/received', 'Carbons (XEP-0280)'],
    ['offline/delivered-once', 'Offline messages'],
    ['blocking/message', 'Blocking (XEP-0191)'],
    ['client-state/presence-waits', 'An inactive client (XEP-0352)'],
    ['stream-management/resumption', 'Resuming a stream (XEP-0198)'],
    ['tls/connects', 'TLS'],
    ['federation/message', 'Two servers'],
    ['faults/kept-message-outlives-a-crash', 'A crash of the server'],
    ['exploration/message-meets-its-recipient', 'To be explored: a message meets its recipient'],
];

/** Steps that are faults, which the page inserts.  NAME is the first client of the scenario. */
export const FAULTS = [
    "NAME drops the connection", "NAME's link breaks", "NAME's link breaks after 57 bytes to the client", "NAME's link dies silently",
    "NAME's link heals", "NAME's link stalls for 5 seconds", 'The next save fails', 'The next load fails',
    'The server crashes, losing its writes', 'The server crashes during the next save, keeping its writes', 'The server starts again',
    'The 3rd allocation from now fails', 'The clock jumps 1 hour ahead', '5 minutes pass',
];
