#!/usr/bin/env python3
"""ansi2svg: text with SGR colours (tmux capture-pane -e -p) -> an SVG that looks
like a terminal window.   ansi2svg.py [COLSxROWS] [title] < screen.ansi > screen.svg"""
import re, sys, unicodedata
from xml.sax.saxutils import escape
cols, rows = map(int, (sys.argv[1] if len(sys.argv) > 1 else '80x24').split('x'))
title = sys.argv[2] if len(sys.argv) > 2 else ''
BASE = ('16181c cd3131 0dbc79 c5b12a 3b78d8 bc3fbc 11a8cd cccccc '
        '767676 f14c4c 23d18b f5f543 61a0ff d670d6 29b8db ffffff').split()
FG, BG, W, H, PAD, BAR = '#d4d4d4', '#16181c', 8.43, 18, 12, 28
def colour(n):
    if n < 16: return '#' + BASE[n]
    if n > 231: return '#' + f'{8 + 10 * (n - 232):02x}' * 3
    n -= 16
    return '#' + ''.join(f'{(0, 95, 135, 175, 215, 255)[v]:02x}' for v in (n // 36, n // 6 % 6, n % 6))
def sgr(st, params):
    p = [int(x or 0) for x in re.split('[;:]', params)]
    while p:
        v = p.pop(0)
        if v == 0: st.clear()
        elif v in (38, 48):
            k = 'fg' if v == 38 else 'bg'
            if p and p[0] == 5: st[k] = colour(p[1]); p = p[2:]
            elif p and p[0] == 2: st[k] = '#%02x%02x%02x' % tuple(p[-3:] if len(p) == 4 else p[1:4]); p = p[4:]
        elif 30 <= v <= 37: st['fg'] = v - 30
        elif 90 <= v <= 97: st['fg'] = v - 82
        elif 40 <= v <= 47: st['bg'] = colour(v - 40)
        elif 100 <= v <= 107: st['bg'] = colour(v - 92)
        elif v in (39, 49): st.pop('fg' if v == 39 else 'bg', None)
        elif v == 22: st.pop(1, None); st.pop(2, None)
        elif 21 <= v <= 29: st.pop(v - 20, None)
        elif v < 10: st[v] = True
ACS = dict(zip('jklmnqtuvwx`a~', '┘┐┌└┼─├┤┴┬│◆▒·'))
out, w, h = [], cols * W + 2 * PAD, rows * H + PAD + BAR + 6
out.append(f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}" '
           f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">'
           f'<rect width="100%" height="100%" rx="9" fill="{BG}"/>'
           + ''.join(f'<circle cx="{18 + 20 * i}" cy="15" r="6" fill="{c}"/>' for i, c in enumerate(('#ff5f57', '#febc2e', '#28c840')))
           + f'<text x="{w / 2:.0f}" y="19" fill="#9a9a9a" text-anchor="middle" font-size="12">{escape(title)}</text>')
st = {}
for y, line in enumerate(sys.stdin.read().split('\n')[:rows]):
    x, run, acs = 0, None, False
    def flush():
        if run and (run[1].strip() or run[3] or run[4].get(4)):
            s, fx = run[4], PAD + run[0] * W
            n = run[2]
            if run[3]: out.append(f'<rect x="{fx:.2f}" y="{BAR + y * H}" width="{n * W + .3:.2f}" height="{H}" fill="{run[3]}"/>')
            if run[1].strip() or s.get(4):
                a = f' font-weight="bold"' if s.get(1) else ''
                a += ' font-style="italic"' if s.get(3) else ''
                a += ' text-decoration="underline"' if s.get(4) else ''
                a += ' opacity=".6"' if s.get(2) else ''
                out.append(f'<text x="{fx:.2f}" y="{BAR + y * H + 14}" fill="{s["_fg"]}"{a} textLength="{n * W:.2f}" '
                           f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(run[1])}</text>')
    for m in re.finditer('\x1b\\[([\\d;:]*)m|(\x1b\\(.|\x0e|\x0f)|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|(.)', line):
        if m[1] is not None: sgr(st, m[1]); continue
        if m[2]: acs = m[2] in ('\x0e', '\x1b(0'); continue
        if m[3] is None: continue
        ch = ACS.get(m[3], m[3]) if acs else m[3]
        cw = 0 if unicodedata.combining(ch) else 2 if unicodedata.east_asian_width(ch) in 'WF' else 1
        fg = st.get('fg')
        fg = colour(fg + 8 if st.get(1) and isinstance(fg, int) and fg < 8 else fg) if isinstance(fg, int) else fg or FG
        bg = st.get('bg')
        if st.get(7): fg, bg = bg or BG, fg
        key = (fg, bg, tuple(sorted(k for k in st if isinstance(k, int))))
        if run is None or run[5] != key or cw == 2:
            flush(); run = [x, '', 0, bg, dict(st, _fg=fg), key]
        run[1] += ch; run[2] += cw; x += cw
        if cw == 2: flush(); run = None
    flush()
out.append('</svg>')
print('\n'.join(out))
