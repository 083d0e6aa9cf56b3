/** The name of a market in an address: what its title says, in plain letters. */

/** Leaves room for a suffix within the 120 characters that Postgres takes. */
const LENGTH_MAX = 90;

/** Lower-case ASCII words joined by `-`; `market` for a title that has none. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const slug = words.join('-').slice(0, LENGTH_MAX).replace(/-+$/, '');
  return slug === '' ? 'market' : slug;
}
