output "bucket_name" {
  description = "Name of the tenant's bucket."
  value       = module.tenant.bucket_name
}

output "role_arn" {
  description = "ARN of the IAM role of the tenant's pods."
  value       = module.tenant.role_arn
}
