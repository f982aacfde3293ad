/** Pieces of AWS's answers that are read alike in every service. */
import { z } from "zod";

export const text = z.string().min(1);
export const time = z.date().transform((date) => date.getTime());
