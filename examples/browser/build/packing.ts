/**
 * How the digits are packed: for each of them its class in one byte, and its pixels with 1 or 4 bits
 * each, the first one in the highest bits.
 *
 * @module
 */

/** The pixels across and down. */
export const SIDE = 28;

/** The bytes of the pixels of one digit, by the bits of a pixel. */
export const DIGIT_BYTES = { 1: SIDE * SIDE / 8, 4: SIDE * SIDE / 2 } as const;

/** The files, by the bits of a pixel. */
export const DIGITS_FILE = { 1: "digits.bin", 4: "digits-grey.bin" } as const;
