/* The floor that the program is measured against: curses, a list of rows, a status line, nothing else. */
#include <curses.h>
#include <locale.h>
#include <stdio.h>

int main(void)
{
    int selected = 0;
    int key = 0;

    setlocale(LC_ALL, "");
    initscr();
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    set_escdelay(25);
    while (key != 'q') {
        char row[64];

        erase();
        mvaddstr(0, 1, "bare   Home");
        mvhline(1, 0, ACS_HLINE, COLS);
        for (int i = 0; i < LINES - 3; i++) {
            snprintf(row, sizeof row, " 5.7.%-3d a row as long as those of the program", i);
            attrset(i == selected ? A_REVERSE : A_NORMAL);
            mvaddnstr(2 + i, 0, row, COLS);
        }
        attrset(A_NORMAL);
        mvaddstr(LINES - 1, 1, "Enter open  q quit");
        refresh();
        key = getch();
        selected += key == KEY_DOWN || key == 'j';
        selected -= key == KEY_UP || key == 'k';
        selected = selected < 0 ? 0 : selected > LINES - 4 ? LINES - 4 : selected;
    }
    endwin();
    return 0;
}
