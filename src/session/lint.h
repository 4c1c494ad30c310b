/* Checks data files as they would be loaded: vocabulary, references, trees, and that every sample
 * leads to its entry. */
#ifndef NDR_SESSION_LINT_H
#define NDR_SESSION_LINT_H

#include "session/session.h"

/* Checks what the session has loaded, its trees and help topics. */
void session_lint(struct session *session, struct err_list *faults);

/* Checks the trees alone. */
void session_lint_trees(struct session *session, struct err_list *faults);

/* Checks files as one layer on top of the shipped data of the session.  False when one is no regular
 * file or cannot be read; `trouble` says which. */
bool session_lint_files(struct session *session, const char *const *paths, size_t count,
                        struct err_list *faults, struct str *trouble);

#endif
