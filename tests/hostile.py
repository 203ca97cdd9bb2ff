"""Texts that are markup to a browser or to a reader of Markdown, and structures of a body."""

from __future__ import annotations

TEXTS = (
    "<script>document.title='owned'</script>",
    '<img src=x onerror="owned()">',
    '"><svg onload=owned()>',
    "</p></blockquote><script>owned()</script>",
    "</code></pre><script>owned()</script>",
    "</td></tr></table><iframe src=//a>",
    "<a href='javascript:owned()'>a</a>",
    "[a](javascript:owned())",
    "[a](<javascript:owned()>)",
    "[a]: javascript:owned()",
    "![a](data:text/html,<script>owned()</script>)",
    "<javascript:owned()>",
    "<data:text/html;base64,PHNjcmlwdD4=>",
    "```\\n<script>owned()</script>",
    "``` <script>owned()</script> ```",
    "~~~ <script>owned()</script>",
    "&lt;script&gt;owned()&lt;/script&gt;",
    "&#60;script&#62;owned()",
    "\\<script>owned()</script>",
    "<!-- --><script>owned()</script>",
    "<![CDATA[<script>owned()</script>]]>",
    "<?php owned() ?>",
    "<style>@import '//a'</style>",
    "<math><mi xlink:href='javascript:a'>",
    "<base href='//a'>",
    "<meta http-equiv=refresh content='0;url=//a'>",
    "<form action=//a><button>a",
    "a | <script>owned()</script> | \\|",
)
STRUCTURES = ("p3", ">p +p ##", "^ |2", "`2 .p")
