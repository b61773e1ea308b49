/* Runs a program of which a system call that changes files fails: the N-th one, or all from there on.
 *
 *     inject ERRNO N once|on REPORT PROGRAM [ARGUMENT…]
 *
 * Counted are the calls that create, write, sync and rename; writing to standard output and error is
 * not. The name of the call that failed first is written to REPORT. The program is run as it is,
 * whatever library makes its calls: the kernel asks here before it does them (seccomp, Linux 5.9).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct { int number; const char *name; } CALLS[] = {
#define CALL(name) {SYS_##name, #name}
    CALL(write), CALL(pwrite64), CALL(writev), CALL(openat), CALL(mkdirat), CALL(fsync), CALL(fdatasync),
    CALL(renameat2), CALL(copy_file_range), CALL(sendfile), CALL(ftruncate), CALL(fallocate),
#ifdef SYS_open
    CALL(open), CALL(mkdir), CALL(rename),
#endif
#ifdef SYS_renameat
    CALL(renameat),
#endif
};
enum { COUNT = sizeof CALLS / sizeof *CALLS };

static void die(const char *what) {
    perror(what);
    exit(125);
}

/* The low half of an argument, which is where small numbers stand. */
static unsigned argument(int index) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return offsetof(struct seccomp_data, args[index]) + 4;
#else
    return offsetof(struct seccomp_data, args[index]);
#endif
}

/* Asks the kernel to let us decide about those calls from now on. */
static int listen_to_calls(void) {
    struct sock_filter program[COUNT * 5 + 2];
    unsigned short end = 0;
#define ADD(...) program[end++] = (struct sock_filter)__VA_ARGS__
    for (int i = 0; i < COUNT; i++) {
        int is_write = strstr(CALLS[i].name, "write") != NULL;
        int is_open = strstr(CALLS[i].name, "open") != NULL;
        ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALLS[i].number, 0, is_write || is_open ? 3 : 1));
        if (is_write) {
            ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument(0)));
            ADD(BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 2, 0, 1));
        } else if (is_open) {
            ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument(strcmp(CALLS[i].name, "open") ? 2 : 1)));
            ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT, 0, 1));
        }
        ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF));
    }
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    struct sock_fprog filter = {end, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) die("no_new_privs");
    int listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
    if (listener < 0) die("seccomp");
    return listener;
}

/* Passes a file on to another process, or takes it. */
static int pass(int socket, int file) {
    char byte = 0, control[CMSG_SPACE(sizeof file)] = {0};
    struct iovec content = {&byte, 1};
    struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (file < 0) {
        if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0 || !CMSG_FIRSTHDR(&message)) return -1;
        memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof file);
        return file;
    }
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof file);
    memcpy(CMSG_DATA(header), &file, sizeof file);
    return sendmsg(socket, &message, 0) < 0 ? -1 : file;
}

static void report(const char *path, int number) {
    FILE *file = fopen(path, "w");
    if (!file) die(path);
    for (int i = 0; i < COUNT; i++)
        if (CALLS[i].number == number) fputs(CALLS[i].name, file);
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc < 6) die("inject ERRNO N once|on REPORT PROGRAM");
    int error = atoi(argv[1]), at = atoi(argv[2]), on = !strcmp(argv[3], "on"), sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets)) die("socketpair");
    pid_t child = fork();
    if (child < 0) die("fork");
    if (!child) {
        if (pass(sockets[1], listen_to_calls()) < 0) _exit(125);
        execvp(argv[5], argv + 5);
        _exit(127);
    }
    close(sockets[1]);
    int listener = pass(sockets[0], -1);
    if (listener < 0) die("no listener");
    struct pollfd polled = {.fd = listener, .events = POLLIN};
    for (int count = 0; poll(&polled, 1, -1) > 0 && polled.revents & POLLIN;) {
        struct seccomp_notif call = {0};
        /* A process may end while it waits for the answer. */
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call)) continue;
        struct seccomp_notif_resp answer = {.id = call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        count++;
        if (count == at || (on && count > at)) answer = (struct seccomp_notif_resp){.id = call.id, .error = -error};
        if (count == at) report(argv[4], call.data.nr);
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
    int status;
    if (waitpid(child, &status, 0) < 0) die("waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
