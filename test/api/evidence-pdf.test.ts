/** The evidence as a document: whole, numbered page by page, whatever letters people use. */

import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { renderEvidence } from '../../api/documents/evidence-pdf.ts';
import { packet } from '../domain/disputes/packet.ts';

type Page = { text: string };

/** The text of each page, from its content stream; the built-in fonts write it as it is, in hex. */
function pagesOf(bytes: Uint8Array): Page[] {
  const document = Buffer.from(bytes);
  const pages: Page[] = [];
  let from = 0;
  for (;;) {
    const start = document.indexOf('stream\n', from);
    if (start === -1) return pages;
    const end = document.indexOf('endstream', start);
    const content = inflateSync(document.subarray(start + 'stream\n'.length, end)).toString('latin1');
    const strings = [...content.matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) =>
      Buffer.from(hex ?? '', 'hex').toString('latin1'),
    );
    if (content.includes('BT')) pages.push({ text: strings.join('') });
    from = end + 'endstream'.length;
  }
}

describe('the document', () => {
  it('has everything that was recorded', async () => {
    const [page, ...more] = pagesOf(await renderEvidence(packet()));
    expect(more).toEqual([]);
    for (const each of [
      'Evidence for chargeback dp_1',
      '120.00 USD',
      'Ada Lovelace <ada@example.com>',
      'tracking number: JD01',
      'The buyer confirmed the delivery.',
      'It hums.',
      'ab'.repeat(32),
      'cd'.repeat(32),
      'The goods are on their way.',
      'Nothing was recorded.',
      'dp_1, page 1 of 1',
    ]) {
      expect(page?.text).toContain(each);
    }
  });

  it('goes on over as many pages as it takes, and numbers them', async () => {
    const entry = { at: '2026-03-01T12:00:00.000Z', by: 'buyer', text: 'Something happened again.' };
    const pages = pagesOf(await renderEvidence(packet({ timeline: Array.from({ length: 300 }, () => entry) })));
    expect(pages.length).toBeGreaterThan(3);
    pages.forEach(({ text }, index) => expect(text).toContain(`page ${index + 1} of ${pages.length}`));
  });

  it('shows letters that its fonts have, and a mark for those they have not', async () => {
    const buyer = { id: 'usr_1', name: 'Zoë Łukasz 李 😀', email: 'z@example.com' };
    const [page] = pagesOf(await renderEvidence(packet({ buyer })));
    expect(page?.text).toContain('Buyer: Zo\u00eb ?ukasz ? ? <z@example.com>');
  });
});
