/** A webpack loader that replaces a piece of a file's text; fails if the file has no such piece. */

/**
 * @this {{ resourcePath: string, getOptions(): { from: string, to: string } }}
 * @param {string} source
 * @returns {string}
 */
module.exports = function replaceSource(source) {
  const { from, to } = this.getOptions();
  if (!source.includes(from)) throw new Error(`${this.resourcePath} has no "${from}" to replace`);
  return source.replace(from, () => to);
};
