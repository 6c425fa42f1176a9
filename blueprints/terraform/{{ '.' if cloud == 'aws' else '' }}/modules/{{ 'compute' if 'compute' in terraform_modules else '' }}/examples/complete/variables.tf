variable "name" {
  description = "Name of the example."
  type        = string
  default     = "compute-complete"
}

variable "region" {
  description = "AWS region to work in."
  type        = string
  default     = "eu-west-1"
}

variable "vpc_id" {
  description = "ID of an existing VPC."
  type        = string
}

variable "subnet_ids" {
  description = "IDs of two private subnets of the VPC."
  type        = list(string)
}

variable "kms_key_arn" {
  description = "ARN of an existing KMS key that EC2 Auto Scaling may use."
  type        = string
}

variable "target_group_arn" {
  description = "ARN of an existing target group."
  type        = string
}

variable "balancer_security_group_id" {
  description = "ID of the security group of the load balancer."
  type        = string
}
