/* Makes the image of the shipped knowledge: compile CODES-FOLDER >IMAGE.  Run by make. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "kb/image.h"

int main(int argc, char **argv)
{
    struct arena arena;
    struct err_list faults;
    struct buf image;
    struct kb kb;

    if (argc != 2) {
        fputs("usage: compile CODES-FOLDER >IMAGE\n", stderr);
        return 2;
    }
    arena_init(&arena);
    err_list_init(&faults, &arena);
    kb_init(&kb);
    if (!kb_load_folder(&kb, argv[1], KB_LAYER_SHIPPED, &faults)) {
        struct str fault = err_format(&arena, &faults.items[0]);

        fprintf(stderr, "%.*s\n", (int)fault.len, fault.ptr);
        return 1;
    }
    buf_init(&image, BUF_NO_LIMIT);
    kb_image_write(&kb, argv[1], &image);
    bool written = file_write_all(STDOUT_FILENO, buf_str(&image));

    buf_fini(&image);
    kb_fini(&kb);
    arena_fini(&arena);
    return written ? 0 : 1;
}
