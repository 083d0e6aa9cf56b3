/** The frame of the simulators' pages for people. */

import type { Context } from 'hono';
import { html } from 'hono/html';

type Html = ReturnType<typeof html>;

/** A whole page, in the name of the service that is stood in for. */
export function page(c: Context, service: string, title: string, body: Html) {
  return c.html(html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · ${service} simulator</title>
        <style>
          body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1f2937; }
          table { border-collapse: collapse; width: 100%; }
          th, td { text-align: left; padding: 0.4rem 0.6rem; border-bottom: 1px solid #e5e7eb; }
          form { display: inline; }
          button { font: inherit; padding: 0.1rem 0.6rem; }
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <p>A stand-in for ${service} on this machine. No money moves.</p>
        ${body}
      </body>
    </html>`);
}

/** Payments as rows of five cells; `none` says what to do where there are none. */
export function paymentsTable(rows: readonly Html[], none: string): Html {
  return html`<table>
    <thead><tr><th>Payment</th><th>Amount</th><th>Status</th><th>For</th><th>The buyer…</th></tr></thead>
    <tbody>${rows.length === 0 ? html`<tr><td colspan="5">${none}</td></tr>` : rows}</tbody>
  </table>`;
}
