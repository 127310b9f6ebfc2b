/** Rating points per logit: "Elo" is 400 / ln 10 times the log odds. */
export const POINTS_PER_LOGIT = 400 / Math.LN10

/** The rating of an average model. */
export const MEAN_RATING = 1000
