/**
 * Sources: rows of numbers that lie in files, behind a URL or in a stream.
 *
 * @module
 */
export { csv, type CsvOptions, words } from "./csv.ts";
export { from, type FromOptions, type Row, type RowParts, type RowValues } from "./from.ts";
export { idx } from "./idx.ts";
export { npy, type NpyOptions } from "./npy.ts";
export { oneHot } from "./one_hot.ts";
export { parquet, type ParquetOptions } from "./parquet.ts";
export { pictures, type PicturesOptions } from "./pictures.ts";
export type { Columns, ColumnsSupport, ColumnType, TableOptions } from "./_table.ts";
