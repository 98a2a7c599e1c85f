-- What was taken out of lists, seen after :after and not later than :until.
SELECT subject AS statement, field AS list FROM changes
WHERE kind = 'statement_withdrawn' AND observed_by > :after AND observed_by <= :until
