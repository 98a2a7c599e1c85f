/* Faults at the level of the system call, for LD_PRELOAD: see shim.py, which compiles it.

   Counted is what changes files below plan->root, once a process is armed. At the chosen number the
   call fails as the kernel would let it fail, or the process is killed. The plan is a page that a
   process shares with all of its forks, so that who waits for a fork knows what came of it. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, KILL, KILL_HALF, FULL, FULL_HALF, FULL_ON, BROKEN, BROKEN_READ, BUSY, BUSY_ON, STOP };
enum { WRITES, READS, LOCKS, COUNTERS };
#define MOST 65536

struct plan {
    int chosen;             /* the number of the call, from 1 */
    int fault;              /* which of the above */
    int counts[COUNTERS];   /* how many came */
    int made;               /* the number of faults that were made */
    char calls[MOST];       /* by number: w a write of some bytes, c another that takes room,
                               s a sync, u one that takes none */
    char what[PATH_MAX];    /* the call and the file where the first fault was made */
    char root[PATH_MAX];
};

static struct plan *plan;
static int armed;
static int half_done; /* a write was cut in the middle: the next one finds no room */

__attribute__((constructor)) static void begin(void) {
    plan = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

struct plan *faults_plan(void) { return plan; }
void faults_arm(int is_armed) { armed = is_armed; }

/* -- where a call goes ------------------------------------------------------------------------ */

static int is_below(const char *path) {
    return path && !strncmp(path, plan->root, strlen(plan->root));
}

static const char *path_of(int fd, char *found) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, found, PATH_MAX - 1);
    found[size > 0 ? size : 0] = 0;
    return found;
}

static const char *path_at(int fd, const char *path, char *found) {
    if (!path || path[0] == '/' || fd == AT_FDCWD) return path;
    path_of(fd, found);
    size_t size = strlen(found);
    snprintf(found + size, PATH_MAX - size, "/%s", path);
    return found;
}

/* -- what comes of it ------------------------------------------------------------------------- */

static void note(const char *call, const char *path) {
    if (!plan->made++) snprintf(plan->what, PATH_MAX, "%s %s", call, path + strlen(plan->root));
}

static int is_now(int counter, int *number) {
    *number = __atomic_add_fetch(&plan->counts[counter], 1, __ATOMIC_SEQ_CST);
    return *number == plan->chosen;
}

static int fails(const char *call, const char *path, int error) {
    note(call, path);
    errno = error;
    return 1;
}

static void dies(const char *call, const char *path) {
    note(call, path);
    kill(getpid(), SIGKILL);
}

/* Say whether a call fails; *is_half* is set where it shall do half of its work. */
static int strikes(const char *call, const char *path, char kind, int *is_half) {
    int number, now = is_now(WRITES, &number), takes_room = kind != 'u';
    if (number < MOST) plan->calls[number] = kind;
    if (half_done && takes_room) {
        half_done = 0;
        return fails(call, path, ENOSPC);
    }
    if (plan->fault == FULL_ON && number >= plan->chosen && takes_room)
        return fails(call, path, ENOSPC);
    if (!now) return 0;
    if (plan->fault == KILL) dies(call, path);
    if (plan->fault == BROKEN) return fails(call, path, EIO);
    if (plan->fault == FULL && takes_room) return fails(call, path, ENOSPC);
    if (plan->fault == KILL_HALF || plan->fault == FULL_HALF) *is_half = kind == 'w';
    return 0;
}

#define REAL(name) ((__typeof__(name) *)real_##name)
#define OWN(name)                                                                  \
    static void *real_##name;                                                      \
    if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name);

/* Half of the bytes are written; then the process is killed, or told that it was half. */
static ssize_t halved(const char *call, const char *path, ssize_t written) {
    if (plan->fault == KILL_HALF) dies(call, path);
    half_done = 1;
    return written;
}

#define WRITING(name, fd, size, whole, half)                                       \
    OWN(name)                                                                      \
    char found[PATH_MAX];                                                          \
    int is_half = 0;                                                               \
    if (!armed || !is_below(path_of(fd, found))) return whole;                     \
    if (strikes(#name, found, (size) > 1 ? 'w' : 'c', &is_half)) return -1;        \
    return is_half ? halved(#name, found, half) : whole;

ssize_t write(int fd, const void *bytes, size_t size) {
    WRITING(write, fd, size, REAL(write)(fd, bytes, size), REAL(write)(fd, bytes, size / 2))
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    WRITING(pwrite64, fd, size, REAL(pwrite64)(fd, bytes, size, at),
            REAL(pwrite64)(fd, bytes, size / 2, at))
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    WRITING(pwrite, fd, size, REAL(pwrite)(fd, bytes, size, at),
            REAL(pwrite)(fd, bytes, size / 2, at))
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    WRITING(sendfile64, to, size, REAL(sendfile64)(to, from, at, size),
            REAL(sendfile64)(to, from, at, size / 2 < 512 ? size / 2 : 512))
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    WRITING(writev, fd, 0, REAL(writev)(fd, parts, count), 0)
}

#define CHANGING(name, path, kind, call)                                           \
    OWN(name)                                                                      \
    char found[PATH_MAX];                                                          \
    int is_half = 0;                                                               \
    const char *where = armed ? path : NULL;                                       \
    (void)found;                                                                   \
    if (is_below(where) && strikes(#name, where, kind, &is_half)) return -1;       \
    return call;

int fsync(int fd) { CHANGING(fsync, path_of(fd, found), 's', REAL(fsync)(fd)) }
int fdatasync(int fd) { CHANGING(fdatasync, path_of(fd, found), 's', REAL(fdatasync)(fd)) }
int ftruncate64(int fd, off64_t size) {
    CHANGING(ftruncate64, path_of(fd, found), 'u', REAL(ftruncate64)(fd, size))
}
int ftruncate(int fd, off_t size) {
    CHANGING(ftruncate, path_of(fd, found), 'u', REAL(ftruncate)(fd, size))
}
int rename(const char *from, const char *to) {
    CHANGING(rename, to, 'c', REAL(rename)(from, to))
}
int renameat(int from_fd, const char *from, int to_fd, const char *to) {
    CHANGING(renameat, path_at(to_fd, to, found), 'c', REAL(renameat)(from_fd, from, to_fd, to))
}
int link(const char *from, const char *to) { CHANGING(link, to, 'c', REAL(link)(from, to)) }
int unlink(const char *path) { CHANGING(unlink, path, 'u', REAL(unlink)(path)) }
int unlinkat(int fd, const char *path, int how) {
    CHANGING(unlinkat, path_at(fd, path, found), 'u', REAL(unlinkat)(fd, path, how))
}
int mkdir(const char *path, mode_t mode) { CHANGING(mkdir, path, 'c', REAL(mkdir)(path, mode)) }

/* Opened: only what makes a file, or empties one, counts. */
static const char *made(const char *path, int how) {
    return how & O_TRUNC || (how & O_CREAT && access(path, F_OK)) ? path : NULL;
}

#define MODE                                                                       \
    va_list rest;                                                                  \
    va_start(rest, how);                                                           \
    mode_t mode = va_arg(rest, mode_t);                                            \
    va_end(rest);

int open64(const char *path, int how, ...) {
    MODE CHANGING(open64, made(path, how), 'c', REAL(open64)(path, how, mode))
}
int open(const char *path, int how, ...) {
    MODE CHANGING(open, made(path, how), 'c', REAL(open)(path, how, mode))
}
int openat64(int fd, const char *path, int how, ...) {
    MODE CHANGING(openat64, made(path_at(fd, path, found), how), 'c',
                  REAL(openat64)(fd, path, how, mode))
}

/* -- reads, locks, sleep ---------------------------------------------------------------------- */

ssize_t pread64(int fd, void *bytes, size_t size, off64_t at) {
    OWN(pread64)
    char found[PATH_MAX];
    int number;
    if (armed && is_below(path_of(fd, found)) && is_now(READS, &number) &&
        plan->fault == BROKEN_READ) {
        fails("pread64", found, EIO);
        return -1;
    }
    return REAL(pread64)(fd, bytes, size, at);
}

/* A lock for writing is held by another: once, for good, or by who wakes us up again. */
static int is_locked(int fd, int command, struct flock *lock) {
    char found[PATH_MAX];
    int number;
    if (!armed || command != F_SETLK || lock->l_type != F_WRLCK) return 0;
    if (!is_below(path_of(fd, found))) return 0;
    int now = is_now(LOCKS, &number);
    if ((now && plan->fault == BUSY) || (plan->fault == BUSY_ON && number >= plan->chosen))
        return fails("lock", found, EAGAIN);
    if (now && plan->fault == STOP) {
        note("lock", found);
        kill(getpid(), SIGSTOP);
    }
    return 0;
}

int fcntl64(int fd, int command, ...) {
    OWN(fcntl64)
    va_list rest;
    va_start(rest, command);
    void *given = va_arg(rest, void *);
    va_end(rest);
    return is_locked(fd, command, given) ? -1 : REAL(fcntl64)(fd, command, given);
}

int usleep(useconds_t microseconds) { /* SQLite waits by counting: ten minutes pass at once */
    OWN(usleep)
    return armed && plan->fault == BUSY_ON ? 0 : REAL(usleep)(microseconds);
}
