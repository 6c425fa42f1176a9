output "autoscaling_group_name" {
  description = "Name of the group."
  value       = aws_autoscaling_group.this.name
}

output "security_group_id" {
  description = "ID of the security group of the instances."
  value       = aws_security_group.instance.id
}

output "role_name" {
  description = "Name of the IAM role of the instances; the application's policies are attached to it."
  value       = aws_iam_role.instance.name
}
