output "endpoint" {
  description = "Host name to connect to."
  value       = module.postgresql.endpoint
}

output "master_user_secret_arn" {
  description = "ARN of the secret that holds user name and password of the master user."
  value       = module.postgresql.master_user_secret_arn
}
