"""Our own small widget kit: it draws lines and takes keys, and knows no task and no session.

Why not Textual's own widgets. What a key costs over ssh is what is written for it: a move of the
cursor was measured at 3,538 bytes with Textual's widgets and at 300 with these, and a toast at 100 kB
where a message here writes its line. A column is one virtual list instead of a widget a card,
an idle board writes no byte, and the first frame imports nothing that it does not show. From a key to
the last byte of its repaint it takes 3 ms (median; see *What a big file costs* in CONTRIBUTING.md).

Why keys are not dispatched by Textual's bindings. One declaration (`fdtui.core.commands`) gives the
key, the word in the footer, the help and the setting in ``[keys]``. So a dialog says by ``scopes``
which keys count, by ``bindings()`` what each command does now, by ``footer()`` what stands in the
last line of the window, and by ``letters`` which keys are single answers. It names no key itself.

What is in it:

- text: `cells` (cut, wrap, spread by cells), `graphemes`, `text_buffer` with `text_rows` and
  `text_undo`, `line_editor` (one line of it), `completion` (names after an ``@``);
- drawing: `theme` (roles to styles), `lined` and `line_view` (finished lines are kept), `pager`,
  `placeholder`, `tab_strip`, `whole_strip` (wide letters survive what lies below);
- dialogs: `overlay` (what lies over the board, and a `Dialog` that answers once), `frame` (title,
  rule, what is said), and by them `picker`, `ticks`, `question`, `reader`, `composer`, `calendar`;
- keys: `key_events` (what the terminal gives), `key_names`, `key_guard` (what can have been meant).

What it may know: of `core` only `safetext`, `fuzzy`, `frozen` and `layouts`; of `tui` only
`preferences`. Nothing of `sync`. What it shows comes in as an `Item` or as lines of pieces.

What we take from Textual: the compositor, layout, `Widget.render_line`, mouse events, timers, themes
as CSS variables, and the pilot of its tests.
"""
