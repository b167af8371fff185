// What the C library declares only with _GNU_SOURCE, or in a header that Swift does not import.
int pipe2(int ends[2], int flags);
int syncfs(int file);
int malloc_trim(unsigned long pad);
