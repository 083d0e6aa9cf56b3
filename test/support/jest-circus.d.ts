/** Published without types. */
declare module 'jest-circus/runner' {
  const runner: { default(...args: unknown[]): Promise<unknown> };
  export default runner;
}
