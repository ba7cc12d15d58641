# Reference values for the phenobarbital example: nlme's linearised fit, and Laplace's approximation written out in R with
# exact derivatives of the concentration from `deriv3`. Run in this folder: Rscript reference.R
library(nlme)

rows <- read.csv("../data/phenobarb.csv")
data(Phenobarb, package = "nlme")

linearised <- nlme(conc ~ phenoModel(Subject, time, dose, lCl, lV), data = Phenobarb,
                   fixed = lCl + lV ~ 1, random = pdDiag(lCl + lV ~ 1), start = c(-5, 0),
                   na.action = NULL, naPattern = ~ !is.na(conc))

# Concentration at time t from one dose at time s, zero before it.
one <- deriv3(~ d * exp(-v) * exp(-exp(c - v) * (t - s)), c("c", "v"), function(d, t, s, c, v) NULL)

subjects <- split(rows, rows$Subject)
prepared <- lapply(subjects, function(r) {
  doses <- r[!is.na(r$dose), ]
  seen <- r[!is.na(r$conc), ]
  list(doses = doses, seen = seen, order_dose = which(!is.na(r$dose)), order_seen = which(!is.na(r$conc)))
})

concentration <- function(s, c, v) {
  f <- numeric(nrow(s$seen)); g <- matrix(0, nrow(s$seen), 2); h <- array(0, c(nrow(s$seen), 2, 2))
  for (i in seq_len(nrow(s$seen))) {
    before <- s$order_dose < s$order_seen[i]
    if (!any(before)) next
    y <- one(s$doses$dose[before], s$seen$time[i], s$doses$time[before], c, v)
    f[i] <- sum(y); g[i, ] <- colSums(attr(y, "gradient")); h[i, , ] <- apply(attr(y, "hessian"), c(2, 3), sum)
  }
  list(f = f, g = g, h = h)
}

# Value, gradient and Hessian in b of the negative log joint density.
joint <- function(b, p, s) {
  omega <- exp(p[3:4]); sigma <- exp(p[5])
  m <- concentration(s, p[1] + b[1], p[2] + b[2])
  r <- (s$seen$conc - m$f) / sigma
  value <- sum(0.5 * r^2 + p[5] + 0.5 * log(2 * pi)) + sum(0.5 * (b / omega)^2 + p[3:4] + 0.5 * log(2 * pi))
  gradient <- -colSums(r * m$g) / sigma + b / omega^2
  hessian <- crossprod(m$g) / sigma^2 - apply(r * m$h, c(2, 3), sum) / sigma + diag(1 / omega^2)
  list(value = value, gradient = gradient, hessian = hessian)
}

mode_of <- function(p, s, b = c(0, 0)) {
  for (k in 1:200) {
    at <- joint(b, p, s)
    e <- eigen(at$hessian, symmetric = TRUE)
    step <- -e$vectors %*% (crossprod(e$vectors, at$gradient) / pmax(abs(e$values), 1e-8))
    t <- 1
    while (joint(b + t * step, p, s)$value > at$value + 1e-12 * abs(at$value) && t > 1e-10) t <- t / 2
    b <- as.vector(b + t * step)
    if (max(abs(step)) < 1e-13) break
  }
  b
}

laplace <- function(p) sum(sapply(prepared, function(s) {
  at <- joint(mode_of(p, s), p, s)
  at$value + 0.5 * log(det(at$hessian)) - log(2 * pi)
}))

fit <- nlminb(c(fixef(linearised), log(0.44), log(0.45), log(2.8)), laplace,
              control = list(rel.tol = 1e-14, x.tol = 1e-12, eval.max = 2000, iter.max = 1000))
# Standard errors from second differences of Laplace's log-likelihood, so right to about five digits.
information <- optimHess(fit$par, laplace, control = list(ndeps = rep(1e-3, 5)))
sd <- as.numeric(VarCorr(linearised)[, "StdDev"])
result <- rbind(
  data.frame(method = "nlme", term = c("lCl", "lV", "sd_lCl", "sd_lV", "sigma", "log_likelihood"),
             value = c(fixef(linearised), sd, as.numeric(logLik(linearised)))),
  data.frame(method = "nlme", term = c("se_lCl", "se_lV"), value = sqrt(diag(vcov(linearised)))),
  data.frame(method = "laplace", term = c("lCl", "lV", "sd_lCl", "sd_lV", "sigma", "log_likelihood"),
             value = c(fit$par[1:2], exp(fit$par[3:5]), -fit$objective)),
  data.frame(method = "laplace", term = c("se_lCl", "se_lV"), value = sqrt(diag(solve(information)))[1:2]),
  data.frame(method = "laplace_at", term = "log_likelihood", value = -laplace(c(-5.0, 0.3, -0.8, -0.9, 1.0))))
result$value <- formatC(result$value, digits = 12, format = "g")
write.csv(result, "reference.csv", row.names = FALSE, quote = FALSE)
print(result); print(fit$message)
