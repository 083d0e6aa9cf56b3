/** Referrals: the codes people give to friends, and when a friend counts. */

/** No 0 O, 1 I L, U V twice: a code survives being read aloud and written down. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const LENGTH = 8;
const BYTES = 256;

/** Random bytes that a code takes: some are skipped, since they would favour a few characters. */
export const REFERRAL_CODE_BYTES = 32;

/** What a friend must have done before the referrer is rewarded, beside being somebody else: a completed purchase, and so many forecasts. */
export const FORECASTS_OF_REAL_FRIEND = 3;

/** A code out of random bytes, every one as likely as any other; throws a RangeError when they do not suffice. */
export function referralCodeFrom(bytes: Uint8Array): string {
  const fair = BYTES - (BYTES % ALPHABET.length);
  const chars = [...bytes].filter((byte) => byte < fair).map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  if (chars.length < LENGTH) throw new RangeError('too few random bytes for a referral code');
  return chars.slice(0, LENGTH).join('');
}

/** As codes are stored, however somebody typed it: capitals, without blanks and hyphens. */
export function plainReferralCode(typed: string): string {
  return typed.replaceAll(/[\s-]/g, '').toUpperCase();
}
