/** The mode of a file that only its owner may read and write. */
export const privateMode = 0o600;
