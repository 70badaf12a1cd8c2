/*
 * watch.h - waits for changes of files (inotify, Linux).
 *
 * Folders are watched, not files: an editor may write a new file and rename it.  A file is reported as
 * FOLDER/NAME, the folder as it was given.  A file that was created empty is not reported until it is
 * written.
 */
#ifndef SIM_WATCH_H
#define SIM_WATCH_H

#include "files.h"

struct watch;

/* Returns NULL after an error message: on a system without inotify, or when there are too many watches. */
struct watch *watch_new(FILE *errors);
void watch_free(struct watch *watch);

/* Watches the folder of a path; and a folder, with all folders below it that files_find searches.  No effect
 * for a folder that is already watched or does not exist. */
void watch_beside(struct watch *watch, const char *path);
void watch_below(struct watch *watch, const char *folder);

/* The changes: names of files and folders, sorted; or `everything`, after too many events. */
struct changes {
    struct file_list names;
    struct file_list saved; /* those that were written or moved there, and so are complete */
    bool everything;
};

/* Waits for changes, and then until there was none for a moment.  The caller frees them.  Returns false when
 * a signal interrupted the wait. */
bool watch_wait(struct watch *watch, struct changes *changes);
void changes_free(struct changes *changes);

#endif
