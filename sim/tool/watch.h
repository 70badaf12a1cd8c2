/*
 * watch.h - waits for changes of files (inotify, Linux).
 *
 * Folders are watched, not files: an editor may write a new file and rename it.  A file is named as the
 * folder was, with "/" and its name behind, and not yet when it was created empty: what is written comes
 * later.
 */
#ifndef SIM_WATCH_H
#define SIM_WATCH_H

#include "files.h"

struct watch;

/* NULL after a sentence: on a system that has no such thing, or when there are too many. */
struct watch *watch_new(FILE *errors);
void watch_free(struct watch *watch);

/* Watches the folder that a path stands in; and a folder, with all those below it that files_find looks into.
 * What is watched already, or is not there, is nothing. */
void watch_beside(struct watch *watch, const char *path);
void watch_below(struct watch *watch, const char *folder);

/* What has changed: names of files and folders, in order; or there was so much that it could be anything. */
struct changes {
    struct file_list names;
    struct file_list saved; /* those of them that were written or moved there, and so are whole */
    bool everything;
};

/* Waits for changes, and until none have come for a moment.  To be freed.  False when a signal ended it. */
bool watch_wait(struct watch *watch, struct changes *changes);
void changes_free(struct changes *changes);

#endif
