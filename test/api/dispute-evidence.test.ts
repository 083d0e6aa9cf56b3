/** Evidence over HTTP: what is taken, how it is kept and sealed, and what is refused before it costs anything. */

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FILES, freshDispute, sendForm, upload } from './support/disputes.ts';
import { createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let buyer: string;
let seller: string;
let admin: string;
let stranger: string;

beforeAll(async () => {
  api = await createTestApi();
  [buyer, seller, admin, stranger] = await Promise.all([
    api.signIn('buyer'),
    api.signIn('seller'),
    api.signIn('admin'),
    api.signIn('seller2'),
  ]);
});
afterAll(() => api.close());

const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');
const evidenceOf = async (id: string, token = buyer) =>
  (await api.ask('GET', `/disputes/${id}/evidence`, { token })).body;
const filesOf = async (id: string) =>
  api.sql<{ file_name: string }>(`select file_name from dispute_evidence where dispute_id = ? order by at`, [id]);
const respond = (id: string) =>
  api.ask('POST', `/disputes/${id}/respond`, { token: seller, body: { text: 'It was whole when it left.' } });
const download = (token: string, disputeId: string, evidenceId: string) =>
  api.app.request(`/api/v1/disputes/${disputeId}/evidence/${evidenceId}/content`, {
    headers: { Authorization: `Bearer ${token}` },
  });

describe('a file', () => {
  it.each([
    ['png', 'image/png', FILES.png()],
    ['jpeg', 'image/jpeg', FILES.jpeg()],
    ['webp', 'image/webp', FILES.webp()],
    ['pdf', 'application/pdf', FILES.pdf()],
    ['txt', 'text/plain', FILES.text()],
    ['mp4', 'video/mp4', FILES.mp4()],
  ])(
    'of the type %s is kept as it is, with the hash of its bytes, and comes back as an attachment',
    async (ending, type, bytes) => {
      const { id } = await freshDispute(api, buyer);
      const { status, body } = await upload(api, buyer, id, bytes, { name: `proof.${ending}`, type });
      const expected = { fileName: `proof.${ending}`, mediaType: type, sizeBytes: bytes.length, sha256: sha256(bytes) };
      expect([status, body.evidence]).toMatchObject([
        201,
        { ...expected, phase: 'seller_response', by: { role: 'buyer' } },
      ]);
      for (const token of [buyer, seller, admin]) {
        const content = await download(token, id, body.evidence.id);
        expect(content.status).toBe(200);
        expect(content.headers.get('Content-Type')).toMatch(new RegExp(`^${type}`));
        expect(content.headers.get('Content-Disposition')).toBe(
          `attachment; filename="proof.${ending}"; filename*=UTF-8''proof.${ending}`,
        );
        expect(content.headers.get('X-Content-Type-Options')).toBe('nosniff');
        expect(content.headers.get('Cache-Control')).toBe('no-store');
        expect(content.headers.get('Content-Security-Policy')).toContain('sandbox');
        expect(Buffer.from(await content.arrayBuffer())).toEqual(Buffer.from(bytes));
      }
    },
  );

  it('is told by its bytes where the client does not know the type', async () => {
    const { id } = await freshDispute(api, buyer);
    const { body } = await upload(api, buyer, id, FILES.jpeg(), { name: 'upload', type: 'application/octet-stream' });
    expect(body.evidence).toMatchObject({ mediaType: 'image/jpeg', fileName: 'upload.jpg' });
  });

  it('is one, however often it is sent and by whom', async () => {
    const { id } = await freshDispute(api, buyer);
    const first = await upload(api, buyer, id, FILES.png());
    const again = await upload(api, seller, id, FILES.png(), { name: 'mine.png' });
    expect([first.status, again.status, again.body.evidence]).toEqual([201, 200, first.body.evidence]);
    const keyed = await upload(api, buyer, id, FILES.pdf(), { name: 'a.pdf', type: 'application/pdf', key: 'one-pdf' });
    const replay = await upload(api, buyer, id, FILES.pdf(), {
      name: 'a.pdf',
      type: 'application/pdf',
      key: 'one-pdf',
    });
    expect([keyed.status, replay.status, replay.headers.get('Idempotent-Replayed')]).toEqual([201, 201, 'true']);
    const other = await upload(api, buyer, id, FILES.pdf('x'), {
      name: 'a.pdf',
      type: 'application/pdf',
      key: 'one-pdf',
    });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    // With the terms of the purchase that were there from the start.
    expect((await filesOf(id)).length).toBe(3);
  });

  it.each([
    ['../../etc/passwd', 'passwd.png'],
    ['C:\\Users\\Bea\\photo.png', 'photo.png'],
    ['.htaccess', 'htaccess.png'],
    ['evil.exe', 'evil.exe.png'],
    ['gnp\u202egpj.png', 'gnpgpj.png'],
    ['a"b;c<d>.png', 'abcd.png'],
    [`${'x'.repeat(300)}.png`, `${'x'.repeat(120)}.png`],
    ['Küche – links.png', 'Küche – links.png'],
    ['...', 'file.png'],
  ])('called %s is kept as %s', async (name, kept) => {
    const { id } = await freshDispute(api, buyer);
    const { body } = await upload(api, buyer, id, FILES.png(), { name });
    expect(body.evidence).toMatchObject({ fileName: kept });
    const content = await download(buyer, id, body.evidence.id);
    expect(content.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename="[ -~]+"; filename\*=UTF-8''[!-~]+$/,
    );
  });
});

describe('a file in disguise', () => {
  const html = '<!doctype html><script>alert(1)</script>';
  it.each([
    ['a page as a picture', html, 'photo.png', 'image/png'],
    ['a page as text', html, 'notes.txt', 'text/plain'],
    ['a page as what it is', html, 'page.html', 'text/html'],
    ['a drawing with a script', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'x.svg', 'image/svg+xml'],
    ['text as a picture', 'just words', 'photo.jpg', 'image/jpeg'],
    ['a program as a picture', `MZ${'\0'.repeat(64)}`, 'photo.jpg', 'image/jpeg'],
    ['a program as text', `\u007fELF${'\0'.repeat(64)}`, 'notes.txt', 'text/plain'],
    ['an archive as a document', `PK\u0003\u0004${'\0'.repeat(64)}`, 'bill.pdf', 'application/pdf'],
    ['an animation', 'GIF89a\u0001\0\u0001\0\0\0\0;', 'x.gif', 'image/gif'],
    ['a picture as a film', FILES.png(), 'film.mp4', 'video/mp4'],
    ['bytes that are nothing', new Uint8Array([0xff, 0xfe, 0xfd, 0, 1, 2]), 'x.txt', 'text/plain'],
  ])('is refused: %s', async (_title, bytes, name, type) => {
    const { id } = await freshDispute(api, buyer);
    const { status, body } = await upload(api, buyer, id, bytes, { name, type });
    expect([status, body.code]).toEqual([415, 'evidence_type_not_allowed']);
    expect((await filesOf(id)).length).toBe(1);
  });
});

describe('too much', () => {
  const TEN_MB = 10 * 1_024 * 1_024;

  it('of a file is refused: ten megabytes are taken, one byte more is not', async () => {
    const { id } = await freshDispute(api, buyer);
    const bytes = new Uint8Array(TEN_MB + 1);
    bytes.set(FILES.jpeg());
    const file = { name: 'big.jpg', type: 'image/jpeg' };
    const over = await upload(api, buyer, id, bytes, file);
    expect([over.status, over.body.code]).toEqual([413, 'payload_too_large']);
    expect((await upload(api, buyer, id, bytes.subarray(0, TEN_MB), file)).status).toBe(201);
  });

  it('is refused while it comes in: of 100 MB no more than the limit is read', async () => {
    const { id } = await freshDispute(api, buyer);
    const chunk = new Uint8Array(64 * 1_024);
    let sent = 0;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        sent += chunk.length;
        if (sent > 100 * 1_024 * 1_024) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x', 'Transfer-Encoding': 'chunked' };
    const request = new Request('http://localhost/x', { method: 'POST', headers, body, duplex: 'half' });
    const { status, body: problem, headers: answered } = await sendForm(api, buyer, id, request);
    expect([status, problem.code, answered.get('Connection')]).toEqual([413, 'payload_too_large', 'close']);
    expect(sent).toBeLessThan(11 * 1_024 * 1_024);
  });

  it('is refused unread where its length is said, and from strangers and the signed-out whatever its length', async () => {
    const { id } = await freshDispute(api, buyer);
    let isRead = false;
    const endless = () =>
      new ReadableStream(
        {
          pull: () => {
            isRead = true;
          },
        },
        { highWaterMark: 0 },
      );
    const huge = { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': String(100 * 1_024 * 1_024) };
    const send = (headers: Record<string, string>) =>
      api.app.request(`/api/v1/disputes/${id}/evidence`, { method: 'POST', headers, body: endless(), duplex: 'half' });
    expect((await send({ ...huge, Authorization: `Bearer ${buyer}` })).status).toBe(413);
    expect((await send(huge)).status).toBe(401);
    const small = { ...huge, 'Content-Length': '1000' };
    expect((await send({ ...small, Authorization: `Bearer ${stranger}` })).status).toBe(404);
    expect(isRead).toBe(false);
  });

  it('for a dispute is the twenty-first file, which the terms of the purchase do not count among', async () => {
    const { id } = await freshDispute(api, buyer);
    for (let i = 0; i < 20; i += 1) expect((await upload(api, buyer, id, FILES.png(String(i)))).status).toBe(201);
    const over = await upload(api, seller, id, FILES.png('one more'));
    expect([over.status, over.body.code]).toEqual([409, 'evidence_limit_reached']);
    expect((await upload(api, seller, id, FILES.png('7'))).status).toBe(200);
    expect((await filesOf(id)).length).toBe(21);
  });
});

describe('a form', () => {
  it.each([
    ['another field', { field: 'document' }],
    ['nothing in the file', {}],
  ])('with %s is refused', async (_title, options) => {
    const { id } = await freshDispute(api, buyer);
    const bytes = 'field' in options ? FILES.png() : new Uint8Array();
    const { status, body } = await upload(api, buyer, id, bytes, options);
    expect([status, body.code]).toEqual([422, 'validation_failed']);
  });

  it('that is none is refused, and so is one with more than a file', async () => {
    const { id } = await freshDispute(api, buyer);
    const json = await api.ask('POST', `/disputes/${id}/evidence`, { token: buyer, body: {} });
    expect([json.status, json.body.code]).toEqual([415, 'unsupported_media_type']);
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const broken = await sendForm(
      api,
      buyer,
      id,
      new Request('http://localhost', { method: 'POST', headers, body: 'x' }),
    );
    expect([broken.status, broken.body.code]).toEqual([422, 'validation_failed']);
    const form = new FormData();
    form.append('file', new File([FILES.png()], 'a.png'));
    form.append('phase', 'mediation');
    const more = await sendForm(api, buyer, id, new Request('http://localhost', { method: 'POST', body: form }));
    expect([more.status, more.body.code]).toEqual([422, 'validation_failed']);
  });
});

describe('the file of a dispute', () => {
  it('begins with the terms of the purchase, and each phase that ends is sealed, chained to the one before', async () => {
    const { id } = await freshDispute(api, buyer);
    await upload(api, buyer, id, FILES.png());
    await respond(id);
    await upload(api, seller, id, FILES.text(), { name: 'note.txt', type: 'text/plain' });
    await api.ask('POST', `/admin/disputes/${id}/verdict`, { token: admin, body: { outcome: 'refund', note: 'Yes.' } });
    const { evidence, seals } = await evidenceOf(id);
    expect(evidence).toMatchObject([
      { by: { role: 'system', id: 'system' }, fileName: 'terms-at-purchase.json', mediaType: 'application/json' },
      { by: { role: 'buyer' }, phase: 'seller_response' },
      { by: { role: 'seller' }, phase: 'mediation' },
    ]);
    expect(seals).toMatchObject([
      { seq: 1, phase: 'seller_response', previousSeal: null },
      { seq: 2, phase: 'mediation', previousSeal: seals[0]?.seal },
    ]);
    for (const { seal, manifest } of list(seals)) expect(seal).toBe(sha256(manifest));
    expect(list(evidence).map((file, i) => seals[i < 2 ? 0 : 1]?.manifest.includes(file.sha256))).toEqual([
      true,
      true,
      true,
    ]);
    const terms = await download(seller, id, evidence[0]?.id ?? '');
    expect(await terms.json()).toMatchObject({ items: expect.any(Array), policy: expect.any(Object) });
  });

  it('takes nothing any more once the outcome is fixed or the phase has run out, and still shows what is there', async () => {
    const { id } = await freshDispute(api, buyer);
    const { body } = await upload(api, buyer, id, FILES.png());
    await api.sql(
      `update dispute set content = jsonb_set(content, '{deadlineAt}', '"2020-01-01T00:00:00.000Z"') where id = ?`,
      [id],
    );
    const late = await upload(api, buyer, id, FILES.png('late'));
    expect([late.status, late.body.code]).toEqual([409, 'evidence_sealed']);
    await api.sql(
      `update dispute set content = jsonb_set(content, '{deadlineAt}', '"2099-01-01T00:00:00.000Z"') where id = ?`,
      [id],
    );
    await api.ask('POST', `/disputes/${id}/withdraw`, { token: buyer, body: {} });
    const closed = await upload(api, buyer, id, FILES.png('late'));
    expect([closed.status, closed.body.code]).toEqual([409, 'dispute_closed']);
    expect((await upload(api, buyer, id, FILES.png())).body).toEqual(body);
    expect((await download(seller, id, body.evidence.id)).status).toBe(200);
  });

  it('is nobody else’s to read or to add to', async () => {
    const { id } = await freshDispute(api, buyer);
    const another = await freshDispute(api, buyer);
    const { body } = await upload(api, buyer, id, FILES.png());
    expect((await upload(api, stranger, id, FILES.png('x'))).body.code).toBe('dispute_not_found');
    expect((await evidenceOf(id, stranger)).code).toBe('dispute_not_found');
    expect((await download(stranger, id, body.evidence.id)).status).toBe(404);
    // A file is found under its own dispute only.
    expect((await download(buyer, another.id, body.evidence.id)).status).toBe(404);
    expect((await api.app.request(`/api/v1/disputes/${id}/evidence/${body.evidence.id}/content`)).status).toBe(401);
    const audited = await api.sql(
      `select actor_role, data from domain_event where subject_id = ? and type = 'dispute.evidence'`,
      [id],
    );
    expect(audited).toMatchObject([{ actor_role: 'buyer', data: { disputeId: id, evidenceId: body.evidence.id } }]);
  });
});
