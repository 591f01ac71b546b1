"""Accessible page components, languages and formats.

What others use: `texts.t`, `formats`, `languages` (speaking, resolve_language, choose_language),
`frame` (Frame, Link, Notice), `errors.render_error`, `headers.SecurityHeadersMiddleware`, and in templates
`base.html`, `components.html` and `forms.html`.
"""
