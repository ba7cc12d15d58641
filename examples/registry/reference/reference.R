# Makes reference.csv: what R's survival package finds for the models that tests/registry/reference.rs fits.
# Run in this folder:  Rscript reference.R     (Debian: apt-get install r-cran-survival)
# It also makes pbc-ties.csv, the same registry with times rounded up to 90 days, so that most events are tied.
library(survival)

pbc <- read.csv("../data/pbc.csv", na.strings = c("", "NA"))
ties <- pbc
ties$time <- ceiling(ties$time / 90) * 90
write.csv(ties, "pbc-ties.csv", row.names = FALSE, na = "", quote = FALSE)
ties <- read.csv("pbc-ties.csv", na.strings = c("", "NA"))

rows <- list()
put <- function(case, model, quantity, term, value) {
  rows[[length(rows) + 1]] <<- data.frame(case = case, model = model, quantity = quantity,
    term = as.character(term), value = sprintf("%.17g", as.numeric(value)))
}

put_table <- function(case, model, estimate, se, terms) {
  z <- estimate / se
  half <- qnorm(0.975) * se
  put(case, model, "estimate", terms, estimate)
  put(case, model, "se", terms, se)
  put(case, model, "z", terms, z)
  put(case, model, "p", terms, 2 * pnorm(-abs(z)))
  put(case, model, "lower", terms, estimate - half)
  put(case, model, "upper", terms, estimate + half)
}

put_fit <- function(case, model, fit, loglik, events) {
  put(case, model, "loglik", "", loglik)
  put(case, model, "aic", "", AIC(fit))
  put(case, model, "concordance", "", concordance(fit)$concordance)
  put(case, model, "events", "", events)
}

# `terms`: our names of R's coefficients. `baseline`: numeric covariates at their mean (of the transformed
# values) over the rows used, factors at the reference level.
run_case <- function(case, formula, data, terms, baseline) {
  used <- data[complete.cases(data[, all.vars(formula)]), ]
  events <- sum(used$status == 2)
  put(case, "both", "rows_used", "", nrow(used))
  at <- baseline(used)

  # do.call puts the data into the call, which concordance() and survfit() evaluate again.
  cox <- do.call(coxph, list(formula, data, ties = "efron",
    control = coxph.control(eps = 1e-12, iter.max = 200, toler.chol = 1e-13)))
  put_table(case, "cox", coef(cox), sqrt(diag(vcov(cox))), terms)
  put_fit(case, "cox", cox, cox$loglik[2], events)
  curve <- survfit(cox, newdata = at, se.fit = FALSE)
  event_time <- curve$n.event > 0
  put(case, "cox", "survival", curve$time[event_time], curve$surv[event_time])

  aft <- do.call(survreg, list(formula, data, dist = "weibull",
    control = survreg.control(rel.tolerance = 1e-14, maxiter = 200, toler.chol = 1e-14)))
  put_table(case, "weibull", c(coef(aft), log(aft$scale)), sqrt(diag(vcov(aft))),
    c("(Intercept)", terms, "log(scale)"))
  put_fit(case, "weibull", aft, aft$loglik[2], events)
  # The time by which a share p has had the event; the survival there is 1 - p.
  p <- seq(0.05, 0.95, by = 0.05)
  quantile <- as.numeric(predict(aft, newdata = at, type = "quantile", p = p))
  put(case, "weibull", "survival", sprintf("%.17g", quantile), 1 - p)
}

main_terms <- c("age", "edema", "log(bili)", "albumin", "log(protime)")
main_formula <- Surv(time, status == 2) ~ age + edema + log(bili) + albumin + log(protime)
main_at <- function(d) data.frame(age = mean(d$age), edema = mean(d$edema), bili = exp(mean(log(d$bili))),
  albumin = mean(d$albumin), protime = exp(mean(log(d$protime))))
run_case("default", main_formula, pbc, main_terms, main_at)
run_case("ties", main_formula, ties, main_terms, main_at)

run_case("factors", Surv(time, status == 2) ~ age + sex + factor(stage) + factor(edema) + log(bili), pbc,
  c("age", "sex=m", "stage=2", "stage=3", "stage=4", "edema=0.5", "edema=1.0", "log(bili)"),
  function(d) data.frame(age = mean(d$age), sex = "f", stage = 1, edema = 0, bili = exp(mean(log(d$bili)))))

run_case("missing", Surv(time, status == 2) ~ sqrt(age) + log2(chol) + copper + log10(trig) + platelet, pbc,
  c("sqrt(age)", "log2(chol)", "copper", "log10(trig)", "platelet"),
  function(d) data.frame(age = mean(sqrt(d$age))^2, chol = 2^mean(log2(d$chol)), copper = mean(d$copper),
    trig = 10^mean(log10(d$trig)), platelet = mean(d$platelet)))

# Level 4 as the reference, and three factors that the registry codes as numbers.
pbc$worst <- relevel(factor(pbc$stage), ref = "4")
run_case("reference", Surv(time, status == 2) ~ worst + factor(hepato) + factor(trt) + albumin, pbc,
  c("stage=1", "stage=2", "stage=3", "hepato=1", "trt=2", "albumin"),
  function(d) data.frame(worst = factor("4", levels = levels(pbc$worst)), hepato = 0, trt = 1,
    albumin = mean(d$albumin)))

write.csv(do.call(rbind, rows), "reference.csv", row.names = FALSE, quote = FALSE)
cat("survival", as.character(packageVersion("survival")), "\n")
