/** Files that people bring as evidence: which types there are, how they are told from their bytes, what they are called. */

import { fileTypeFromBuffer } from 'file-type';
import { ApiError } from './errors.ts';

/** The types that are taken, with the file endings that go with each; the first is added where none fits. */
const EVIDENCE_TYPES: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'log', 'md', 'csv'],
  'video/mp4': ['mp4', 'm4v'],
};

/** What a client says when it knows nothing of the type. */
const UNSAID = ['', 'application/octet-stream'];

const MAX_NAME_CHARS = 120;

/**
 * The type found in the bytes; what the client says of it must not be another one, so that nothing comes in disguise.
 * Throws ApiError `evidence_type_not_allowed`.
 */
export async function evidenceTypeOf(bytes: Uint8Array, claimedType: string): Promise<string> {
  // What cannot be read to its end is of no type.
  const known = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const found = known?.mime ?? (isPlainText(bytes) ? 'text/plain' : null);
  const claimed = (claimedType.split(';')[0] ?? '').trim().toLowerCase();
  if (found === null || !Object.hasOwn(EVIDENCE_TYPES, found)) {
    throw notAllowed(`it is ${found ?? 'of an unknown type'}`);
  }
  const isSame =
    claimed === found || (found === 'text/plain' && claimed.startsWith('text/') && claimed !== 'text/html');
  if (!isSame && !UNSAID.includes(claimed)) throw notAllowed(`it says ${claimed} and is ${found}`);
  return found;
}

function notAllowed(why: string): ApiError {
  const detail = `Evidence is JPEG, PNG, WebP, PDF, plain text or MP4; ${why}.`;
  return new ApiError('evidence_type_not_allowed', { detail });
}

/** UTF-8 without control characters; and no markup, which another program could take for a page. */
function isPlainText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Control characters are what is refused.
    return !/[\u0000-\u0008\u000e-\u001f\u007f]/.test(text) && !/^\s*<[a-z!?/]/i.test(text);
  } catch {
    return false;
  }
}

/**
 * A name that is safe to store and to save under: the last part of a path, without control, direction and quoting
 * characters, with an ending that fits the type.
 */
export function evidenceNameOf(name: string, mediaType: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = base
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}"'`<>:|?*;%$&]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .replace(/^[. ]+/, '')
    .trim();
  const endings = EVIDENCE_TYPES[mediaType] ?? [];
  const ending = endings.find((each) => plain.toLowerCase().endsWith(`.${each}`)) ?? null;
  const stem = ending === null ? plain : plain.slice(0, -ending.length - 1);
  const cut = Array.from(stem)
    .slice(0, MAX_NAME_CHARS)
    .join('')
    .replace(/[. ]+$/, '');
  return `${cut === '' ? 'file' : cut}.${ending ?? endings[0] ?? 'bin'}`;
}

/** `Content-Disposition` of a download (RFC 6266): the name in ASCII for old clients, and as it is. */
export function attachmentOf(fileName: string): string {
  const ascii = fileName.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(fileName).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
