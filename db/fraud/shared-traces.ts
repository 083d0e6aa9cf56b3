/** Whether two accounts were seen on one device, or at one address: as SQL, for whoever compares accounts. */

/** Everything that was ever seen of an account: `user_id` is a column or expression of the query around it. */
function tracesOf(userId: string, column: 'device_hash' | 'ip_hash'): string {
  return `
    select s.${column} from signal s where s.user_id = ${userId} and s.${column} is not null
    union select f.${column} from forecast f where f.user_id = ${userId} and f.${column} is not null`;
}

/** A condition: the two accounts have a device (or an address) in common. */
export function share(one: string, other: string, column: 'device_hash' | 'ip_hash'): string {
  return `exists (select from ((${tracesOf(one, column)}) intersect (${tracesOf(other, column)})) both_have)`;
}
